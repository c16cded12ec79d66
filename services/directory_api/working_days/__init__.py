"""Working days (工作日历): a dated table by year, fed from the State Council's notice."""
